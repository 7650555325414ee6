/*
 * array - make the compiler write an object file of 64 GB
 *
 * Submitted as: reverse
 * Verdict: 1 of 4, error
 */
char array[1LL << 36] = { 1 };

int main(void)
{
    return array[1];
}
