/* Standard output, whose buffer is known: what was printed before a process is ended by force can still be written, also by
 * the handler of a signal, which must not use stdio. */
#ifndef DIFKIT_BASE_STANDARD_H
#define DIFKIT_BASE_STANDARD_H

/* Gives standard output its buffer. Before anything is printed. */
void dk_standard_begin(void);
/* Writes what is in the buffer, for a process that ends now: nothing may be printed after it. Safe in a signal handler. */
void dk_standard_rescue(void);

#endif
