#include "base/number.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The decimal point of the process locale; only its first byte matters since all known ones are one byte long. */
static char decimal_point(void)
{
    const struct lconv *locale = localeconv();

    return locale->decimal_point[0] != '\0' ? locale->decimal_point[0] : '.';
}

/* strtod() of a NUL-terminated number written with '.', whatever the locale; `text` may be changed. */
static double read_real(char *text, char **end)
{
    char point = decimal_point();
    char *dot = strchr(text, '.');

    if (point != '.' && dot != NULL)
        *dot = point;
    return strtod(text, end);
}

size_t dk_integer_text(int64_t value, char out[DK_NUMBER_SIZE])
{
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    char reversed[DK_NUMBER_SIZE];
    size_t count = 0, length = 0;

    do {
        reversed[count++] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (value < 0)
        out[length++] = '-';
    while (count > 0)
        out[length++] = reversed[--count];
    out[length] = '\0';
    return length;
}

/* Writes a number with few digits after the point, as most are, without the cost of the general way: whole / 10^k is
 * rounded correctly, so when it equals the value, its decimal digits read back equal. 0 when the value is not of that kind.
 */
static size_t short_decimal(double value, char out[DK_NUMBER_SIZE])
{
    static const double power[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};
    double size = fabs(value);

    if (!(size >= 1e-4 && size < 1e9))
        return 0;
    for (int places = 0; places < (int)(sizeof power / sizeof power[0]); places++) {
        double whole = nearbyint(size * power[places]);
        char digits[DK_NUMBER_SIZE];
        size_t count, length = 0;

        if (whole / power[places] != size)
            continue;
        count = dk_integer_text((int64_t)whole, digits);
        if (value < 0)
            out[length++] = '-';
        if (count <= (size_t)places) {
            out[length++] = '0';
            out[length++] = '.';
            for (size_t i = count; i < (size_t)places; i++)
                out[length++] = '0';
            memcpy(out + length, digits, count);
            length += count;
        } else {
            memcpy(out + length, digits, count - (size_t)places);
            length += count - (size_t)places;
            out[length++] = '.';
            memcpy(out + length, digits + count - (size_t)places, (size_t)places);
            length += (size_t)places;
            if (places == 0)
                out[length++] = '0';
        }
        out[length] = '\0';
        return length;
    }
    return 0;
}

size_t dk_real_text(double value, char out[DK_NUMBER_SIZE])
{
    size_t size;

    if (isnan(value))
        return (size_t)snprintf(out, DK_NUMBER_SIZE, "nan");
    if (isinf(value))
        return (size_t)snprintf(out, DK_NUMBER_SIZE, value > 0 ? "inf" : "-inf");
    size = short_decimal(value, out);
    if (size > 0)
        return size;
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(out, DK_NUMBER_SIZE, "%.*g", digits, value);
        if (strtod(out, NULL) == value)
            break;
    }
    size = strlen(out);
    for (char *byte = out; *byte != '\0'; byte++)
        if (*byte == decimal_point())
            *byte = '.';
    if (strpbrk(out, ".e") == NULL) {
        memcpy(out + size, ".0", 3);
        size += 2;
    }
    return size;
}

bool dk_parse_integer(const char *text, size_t size, int64_t *out)
{
    char copy[DK_NUMBER_SIZE];
    char *end;
    long long value;

    if (size == 0 || size >= sizeof copy || strspn(text, "+-0123456789") < size)
        return false;
    memcpy(copy, text, size);
    copy[size] = '\0';
    errno = 0;
    value = strtoll(copy, &end, 10);
    if (*end != '\0' || end == copy || errno == ERANGE)
        return false;
    *out = value;
    return true;
}

bool dk_parse_real(const char *text, size_t size, double *out)
{
    char copy[512];
    char *end;
    double value;

    if (size == 0 || size >= sizeof copy)
        return false;
    for (size_t i = 0; i < size; i++)
        if (strchr("+-.0123456789eE", text[i]) == NULL || text[i] == '\0')
            return false;
    memcpy(copy, text, size);
    copy[size] = '\0';
    value = read_real(copy, &end);
    if (*end != '\0' || end == copy || !isfinite(value))
        return false;
    *out = value;
    return true;
}
