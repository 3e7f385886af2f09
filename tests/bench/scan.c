/* scan FILE...: the bare libyaml event scan that loading is measured against. Prints the seconds it took and the events. */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <yaml.h>

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static unsigned char *read_whole(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    unsigned char *bytes;

    if (file == NULL || fseek(file, 0, SEEK_END) != 0)
        exit(EXIT_FAILURE);
    *size = (size_t)ftell(file);
    rewind(file);
    bytes = malloc(*size + 1);
    if (bytes == NULL || fread(bytes, 1, *size, file) != *size)
        exit(EXIT_FAILURE);
    fclose(file);
    return bytes;
}

static long scan(const unsigned char *bytes, size_t size)
{
    yaml_parser_t parser;
    yaml_event_t event;
    long events = 0;
    int done = 0;

    yaml_parser_initialize(&parser);
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, bytes, size);
    while (!done) {
        if (!yaml_parser_parse(&parser, &event))
            exit(EXIT_FAILURE);
        done = event.type == YAML_STREAM_END_EVENT;
        events++;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    return events;
}

int main(int argc, char **argv)
{
    double seconds = 0;
    long events = 0;

    for (int i = 1; i < argc; i++) {
        size_t size;
        unsigned char *bytes = read_whole(argv[i], &size);
        double begin = now();

        events += scan(bytes, size);
        seconds += now() - begin;
        free(bytes);
    }
    printf("%.6f %ld\n", seconds, events);
    return EXIT_SUCCESS;
}
