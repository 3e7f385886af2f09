/* Ctrl-C, counted and not obeyed: an interactive session goes on, and what runs in it looks at the count. A signal handler
 * can reach nothing but a global. */
#ifndef DIFKIT_BASE_INTERRUPT_H
#define DIFKIT_BASE_INTERRUPT_H

#include <stdbool.h>

/* From now on Ctrl-C is counted. A wait of the system ends by it. `enough` (NULL: nothing) is called, in the handler, when
 * it was pressed so often without an effect that the program has to end. */
void dk_interrupts_catch(void (*enough)(int signal_number));
/* How often it was pressed since it was last forgotten. */
int dk_interrupts(void);
/* The same, and forgets it. */
int dk_interrupts_take(void);

enum { DK_INTERRUPTS_ENOUGH = 3 };

#endif
