/* Scalars: what a field of the model makes of the text it is given. */
#include "load/state.h"

#include <stdio.h>
#include <string.h>

#include "base/near.h"
#include "base/number.h"
#include "base/text.h"

enum { ID_MAX = 255, VALUES_MAX = 32 };

static bool is_null(const struct scalar *scalar)
{
    static const char *const nulls[] = {"~", "null", "Null", "NULL"};

    if (scalar->size == 0)
        return true;
    if (!scalar->plain || scalar->cell || scalar->size > 4)
        return false;
    for (size_t i = 0; i < sizeof nulls / sizeof nulls[0]; i++)
        if (strlen(nulls[i]) == scalar->size && memcmp(nulls[i], scalar->text, scalar->size) == 0)
            return true;
    return false;
}

/* "period" must be a year such as 2022 …, not "22" */
static bool unfit(const struct model_entity *entity, const struct model_field *field, const struct scalar *scalar,
                  struct dk_error *err)
{
    char shown[DK_QUOTE_SIZE];
    bool quoted = !scalar->plain && !scalar->cell;

    dk_quote(scalar->text, scalar->size, shown);
    dk_fail(err, DK_DATA, "\"%s\" of %s must be %s%s, not %s\"%s\"", field->key, entity->one,
            model_type_text(field->type), (field->flags & MODEL_POSITIVE) ? " from 1" : "",
            quoted ? "the quoted text " : "", shown);
    return false;
}

static void set_text(struct db_value *out, struct arena *arena, const struct scalar *scalar)
{
    out->type = DB_TEXT;
    out->text.bytes = arena_copy(arena, scalar->text, scalar->size);
    out->text.size = scalar->size;
}

void load_set_text(struct db_value *value, const char *text, size_t size)
{
    value->type = DB_TEXT;
    value->text.bytes = text;
    value->text.size = size;
}

/* Digits text[0..count) as a number, -1 when there is anything else. */
static int digits(const char *text, size_t count)
{
    int value = 0;

    for (size_t i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

static int days_of(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return month == 2 && leap ? 29 : days[month - 1];
}

enum date_fit { DATE_NO, DATE_IMPOSSIBLE, DATE_YEAR, DATE_MONTH, DATE_DAY };

static enum date_fit date_fit(const char *text, size_t size)
{
    int year, month, day;

    if ((size != 4 && size != 7 && size != 10) || (year = digits(text, 4)) < 0)
        return DATE_NO;
    if (size == 4)
        return year > 0 ? DATE_YEAR : DATE_IMPOSSIBLE;
    if (text[4] != '-' || (month = digits(text + 5, 2)) < 0)
        return DATE_NO;
    if (size == 7)
        return month >= 1 && month <= 12 && year > 0 ? DATE_MONTH : DATE_IMPOSSIBLE;
    if (text[7] != '-' || (day = digits(text + 8, 2)) < 0)
        return DATE_NO;
    return year > 0 && month >= 1 && month <= 12 && day >= 1 && day <= days_of(year, month) ? DATE_DAY : DATE_IMPOSSIBLE;
}

static bool no_such_date(const struct model_entity *entity, const struct model_field *field,
                         const struct scalar *scalar, struct dk_error *err)
{
    char shown[DK_QUOTE_SIZE];
    int year = digits(scalar->text, 4);
    int month = scalar->size >= 7 ? digits(scalar->text + 5, 2) : 0;

    dk_fail(err, DK_DATA, "\"%s\" of %s: there is no %s", field->key, entity->one,
            dk_quote(scalar->text, scalar->size, shown));
    if (month >= 1 && month <= 12 && year > 0)
        dk_hint(err, "%04d-%02d has %d days", year, month, days_of(year, month));
    else
        dk_hint(err, "expected %s", model_type_text(field->type));
    return false;
}

/* YYYY-Q1..4, YYYY-S1..2, YYYY-W01..53 */
static bool is_part_of_year(const char *text, size_t size)
{
    int number;

    if (size < 7 || size > 8 || digits(text, 4) <= 0 || text[4] != '-')
        return false;
    number = digits(text + 6, size - 6);
    switch (text[5]) {
    case 'Q': return size == 7 && number >= 1 && number <= 4;
    case 'S': return size == 7 && number >= 1 && number <= 2;
    case 'W': return size == 8 && number >= 1 && number <= 53;
    default: return false;
    }
}

static bool read_period(const struct model_entity *entity, const struct model_field *field,
                        const struct scalar *scalar, struct arena *arena, struct db_value *out, struct dk_error *err)
{
    switch (date_fit(scalar->text, scalar->size)) {
    case DATE_YEAR:
        out->type = DB_INTEGER;
        out->integer = digits(scalar->text, 4);
        return true;
    case DATE_MONTH:
    case DATE_DAY: set_text(out, arena, scalar); return true;
    case DATE_IMPOSSIBLE: return no_such_date(entity, field, scalar, err);
    case DATE_NO: break;
    }
    if (!is_part_of_year(scalar->text, scalar->size))
        return unfit(entity, field, scalar, err);
    set_text(out, arena, scalar);
    return true;
}

static bool read_date(const struct model_entity *entity, const struct model_field *field, const struct scalar *scalar,
                      struct arena *arena, struct db_value *out, struct dk_error *err)
{
    enum date_fit fit = date_fit(scalar->text, scalar->size);

    if (fit == DATE_IMPOSSIBLE)
        return no_such_date(entity, field, scalar, err);
    if (fit == DATE_NO || (fit != DATE_DAY && field->type == MODEL_DATE))
        return unfit(entity, field, scalar, err);
    set_text(out, arena, scalar);
    return true;
}

static bool not_among(const struct model_entity *entity, const struct model_field *field, const struct scalar *scalar,
                      struct dk_error *err)
{
    const char *names[VALUES_MAX];
    const char *nearest;
    char shown[DK_QUOTE_SIZE];
    char list[200] = "";
    size_t count = 0;

    while (count < VALUES_MAX && field->values[count].name != NULL) {
        names[count] = field->values[count].name;
        snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s", count > 0 ? ", " : "", names[count]);
        count++;
    }
    dk_quote(scalar->text, scalar->size, shown);
    dk_fail(err, DK_DATA, "\"%s\" of %s cannot be \"%s\"", field->key, entity->one, shown);
    nearest = dk_nearest(shown, names, count);
    if (nearest != NULL && strlen(shown) > 2)
        dk_hint(err, "did you mean \"%s\"? (one of %s)", nearest, list);
    else
        dk_hint(err, "expected one of %s", list);
    return false;
}

static bool read_enum(const struct model_entity *entity, const struct model_field *field, const struct scalar *scalar,
                      struct db_value *out, struct dk_error *err)
{
    for (const struct model_value *value = field->values; value->name != NULL; value++) {
        if (strlen(value->name) != scalar->size || memcmp(value->name, scalar->text, scalar->size) != 0)
            continue;
        if (field->type == MODEL_INTEGER) {
            out->type = DB_INTEGER;
            return dk_parse_integer(scalar->text, scalar->size, &out->integer);
        }
        load_set_text(out, value->name, scalar->size);
        return true;
    }
    return not_among(entity, field, scalar, err);
}

static bool read_text(const struct model_entity *entity, const struct model_field *field, const struct scalar *scalar,
                      struct arena *arena, struct db_value *out, struct dk_error *err)
{
    for (size_t i = 0; i < scalar->size; i++) {
        unsigned char byte = (unsigned char)scalar->text[i];

        if ((byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7F) {
            dk_fail(err, DK_DATA, "\"%s\" of %s contains the control character U+%04X", field->key, entity->one, byte);
            return false;
        }
    }
    set_text(out, arena, scalar);
    return true;
}

static bool read_id(const struct model_entity *entity, const struct model_field *field, const struct scalar *scalar,
                    struct arena *arena, struct db_value *out, struct dk_error *err)
{
    char shown[DK_QUOTE_SIZE];

    for (size_t i = 0; i < scalar->size; i++) {
        unsigned char byte = (unsigned char)scalar->text[i];

        if (byte <= 0x20 || byte == 0x7F) {
            dk_fail(err, DK_DATA, "\"%s\" of %s must be an id without spaces, not \"%s\"", field->key, entity->one,
                    dk_quote(scalar->text, scalar->size, shown));
            return false;
        }
    }
    if (scalar->size > ID_MAX) {
        dk_fail(err, DK_DATA, "\"%s\" of %s is an id of %zu bytes; at most %d are allowed", field->key, entity->one,
                scalar->size, ID_MAX);
        return false;
    }
    set_text(out, arena, scalar);
    return true;
}

static bool read_digest(const struct model_entity *entity, const struct model_field *field,
                        const struct scalar *scalar, struct arena *arena, struct db_value *out, struct dk_error *err)
{
    if (scalar->size < 16 || scalar->size > 64)
        return unfit(entity, field, scalar, err);
    for (size_t i = 0; i < scalar->size; i++)
        if (memchr("0123456789abcdef", scalar->text[i], 16) == NULL)
            return unfit(entity, field, scalar, err);
    set_text(out, arena, scalar);
    return true;
}

static bool read_number(const struct model_entity *entity, const struct model_field *field,
                        const struct scalar *scalar, struct arena *arena, struct db_value *out, struct dk_error *err)
{
    bool plain = scalar->plain || scalar->cell;
    bool read = false;

    if (field->type == MODEL_REAL) {
        out->type = DB_REAL;
        read = plain && dk_parse_real(scalar->text, scalar->size, &out->real);
    } else {
        out->type = DB_INTEGER;
        read = (plain || field->type == MODEL_LABEL) && dk_parse_integer(scalar->text, scalar->size, &out->integer);
    }
    if (field->type == MODEL_LABEL && (!read || scalar->text[0] == '0' || scalar->text[0] == '+'))
        return read_text(entity, field, scalar, arena, out, err); /* "2a", "IV", "01": as printed */
    if (field->type == MODEL_YEAR && read)
        read = out->integer >= 1 && out->integer <= 9999;
    if ((field->flags & MODEL_POSITIVE) && read)
        read = out->integer >= 1;
    return read || unfit(entity, field, scalar, err);
}

bool load_value(const struct model_entity *entity, const struct model_field *field, const struct scalar *scalar,
                struct arena *arena, struct db_value *out, struct dk_error *err)
{
    bool fit = true;

    out->type = DB_NULL;
    if (is_null(scalar))
        return true;
    if (field->values != NULL) {
        fit = read_enum(entity, field, scalar, out, err);
    } else {
        switch (field->type) {
        case MODEL_TEXT:
        case MODEL_ENUM: fit = read_text(entity, field, scalar, arena, out, err); break;
        case MODEL_ID:
        case MODEL_REFERENCE: fit = read_id(entity, field, scalar, arena, out, err); break;
        case MODEL_LABEL:
        case MODEL_INTEGER:
        case MODEL_REAL:
        case MODEL_YEAR: fit = read_number(entity, field, scalar, arena, out, err); break;
        case MODEL_DATE:
        case MODEL_PARTIAL_DATE: fit = read_date(entity, field, scalar, arena, out, err); break;
        case MODEL_PERIOD: fit = read_period(entity, field, scalar, arena, out, err); break;
        case MODEL_DIGEST: fit = read_digest(entity, field, scalar, arena, out, err); break;
        }
    }
    if (!fit)
        out->type = DB_NULL;
    return fit;
}
