/* difkit check: the findings in YAML files, one a line. */
#include "cli/call.h"
#include "cli/message.h"

int cli_check(const struct cli_call *call)
{
    struct load_source source = {call->argument, call->argument_count};
    struct load_report report = {0};
    struct dk_error err = {0};
    int status = 0;

    if (load_check(&source, &report, &err) != DK_OK) {
        if (report.total > 0) {
            cli_findings(stdout, &report);
            cli_note("%zu finding%s", report.total, report.total == 1 ? "" : "s");
            status = DK_DATA;
        } else {
            status = cli_error(&err);
        }
    } else {
        cli_note("no findings");
    }
    load_report_free(&report);
    return status;
}
