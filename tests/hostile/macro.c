/*
 * macro - a program of 10^12 statements in twelve lines
 *
 * Submitted as: reverse
 * Verdict: 1 of 4, error
 */
#define A(x) x x x x x x x x x x
#define B(x) A(A(A(A(x))))
#define C(x) B(B(B(x)))

int main(void)
{
    C(puts("x");)
}
