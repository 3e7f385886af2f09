#define _XOPEN_SOURCE 700

#include "base/interrupt.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t count;
static void (*when_enough)(int signal_number);

static void note(int signal_number)
{
    count++;
    if (count >= DK_INTERRUPTS_ENOUGH && when_enough != NULL)
        when_enough(signal_number);
}

void dk_interrupts_catch(void (*enough)(int signal_number))
{
    struct sigaction action = {0};

    when_enough = enough;
    count = 0;
    action.sa_handler = note; /* without SA_RESTART */
    sigaction(SIGINT, &action, NULL);
}

int dk_interrupts(void)
{
    return count;
}

int dk_interrupts_take(void)
{
    int pressed = count;

    count = 0;
    return pressed;
}
