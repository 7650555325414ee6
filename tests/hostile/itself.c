/*
 * itself - include this source in itself, twice, and so without end
 *
 * Submitted as: reverse
 * Verdict: 1 of 4, error
 */
#include __FILE__
#include __FILE__
