/* Being stopped: by Ctrl-C, by a scheduler, or because nobody reads the output any more. */
#ifndef DIFKIT_CLI_SIGNALS_H
#define DIFKIT_CLI_SIGNALS_H

/* From now on SIGINT, SIGTERM, SIGHUP and SIGPIPE remove the temporary files and end the process as the signal would
 * have: a shell sees 130, 143, 129 or 141. Nothing else needs undoing, as files take their place when they are complete. */
void signals_begin(void);
/* This process ends by the signal, as what it ran did, when everything else is done: signals_finish(). */
void signals_end_by(int signal_number);
void signals_finish(void);

#endif
