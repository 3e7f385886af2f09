/* What the kernels of core/index share: why a computation gave no value.
 *
 * The kernels work on dense arrays of doubles. A column is one indicator, its n values one a unit; a missing value
 * is NaN, and why it is missing is kept by the caller in a parallel array of states. A kernel that meets a value it
 * cannot use leaves NaN there and says why with an index_flaw; it never stops the rest. Where scratch memory is
 * needed the caller gives it (`work`): nothing here allocates inside a loop. Results are the same on every machine:
 * plain IEEE doubles in a fixed order, compiled without contraction. */
#ifndef DIFKIT_INDEX_FLAW_H
#define DIFKIT_INDEX_FLAW_H

enum index_flaw {
    INDEX_SOUND = 0,
    INDEX_EMPTY,           /* no value at all */
    INDEX_CONSTANT,        /* all values equal: no range, no deviation */
    INDEX_TOO_FEW,         /* fewer values than the method needs */
    INDEX_NOT_POSITIVE,    /* a value that is zero or negative where a logarithm or a power is taken */
    INDEX_ZERO_REFERENCE,  /* the reference divides and is zero */
    INDEX_NO_RANGE,        /* bounds that coincide or stand the wrong way round */
    INDEX_NO_WEIGHT,       /* the weights of what is available sum to zero */
    INDEX_TOO_LARGE,       /* an exact method beyond the size it is feasible for */
    INDEX_NO_SOLUTION,     /* an iteration that did not converge, a problem without a feasible point */
    INDEX_OUT_OF_RANGE,    /* a result beyond what a double can hold */
    INDEX_BELOW_MINUS_ONE, /* a value whose successor has no logarithm */
    INDEX_FLAWS
};

/* A flaw in words: lower case, to follow the name of an indicator. */
const char *index_flaw_text(enum index_flaw flaw);

#endif
