/* Values as the server sends them: binary where every column has a type that is read here, else text. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "db/postgresql/connection.h"

/* Types by the numbers that they have in every PostgreSQL. */
enum {
    TYPE_BOOL = 16,
    TYPE_BYTEA = 17,
    TYPE_NAME = 19,
    TYPE_INT8 = 20,
    TYPE_INT2 = 21,
    TYPE_INT4 = 23,
    TYPE_TEXT = 25,
    TYPE_OID = 26,
    TYPE_FLOAT4 = 700,
    TYPE_FLOAT8 = 701,
    TYPE_UNKNOWN = 705,
    TYPE_VARCHAR = 1043,
    TYPE_NUMERIC = 1700
};

bool pg_is_binary(Oid type)
{
    switch (type) {
    case TYPE_BOOL:
    case TYPE_BYTEA:
    case TYPE_NAME:
    case TYPE_INT8:
    case TYPE_INT2:
    case TYPE_INT4:
    case TYPE_TEXT:
    case TYPE_FLOAT4:
    case TYPE_FLOAT8:
    case TYPE_UNKNOWN:
    case TYPE_VARCHAR:
        return true;
    default:
        return false;
    }
}

static uint64_t read_big_endian(const unsigned char *bytes, int size)
{
    uint64_t number = 0;

    for (int i = 0; i < size; i++)
        number = number << 8 | bytes[i];
    return number;
}

/* NaN is no number in SQL: SQLite has null for it. */
static void give_real(struct db_value *value, double real)
{
    value->type = isnan(real) ? DB_NULL : DB_REAL;
    value->real = real;
}

static void read_binary(Oid type, const char *text, int size, struct db_value *value)
{
    const unsigned char *bytes = (const unsigned char *)text;
    uint64_t number = size <= 8 ? read_big_endian(bytes, size) : 0;
    double real;
    float single;
    uint32_t half = (uint32_t)number;

    value->type = DB_INTEGER;
    switch (type) {
    case TYPE_BOOL:
        value->integer = (int64_t)number;
        break;
    case TYPE_INT2:
        value->integer = (int16_t)number;
        break;
    case TYPE_INT4:
        value->integer = (int32_t)number;
        break;
    case TYPE_INT8:
        value->integer = (int64_t)number;
        break;
    case TYPE_FLOAT8:
        memcpy(&real, &number, sizeof real);
        give_real(value, real);
        break;
    case TYPE_FLOAT4:
        memcpy(&single, &half, sizeof single);
        give_real(value, single);
        break;
    default:
        value->type = type == TYPE_BYTEA ? DB_BLOB : DB_TEXT;
        value->text.bytes = text;
        value->text.size = (size_t)size;
        break;
    }
}

/* Sums of integers and means of them come as exact decimals: an integer where it is one and fits, else the nearest real. */
static void read_number(const char *text, int size, struct db_value *value)
{
    int64_t integer;

    if (dk_parse_integer(text, (size_t)size, &integer)) {
        value->type = DB_INTEGER;
        value->integer = integer;
    } else {
        give_real(value, strtod(text, NULL)); /* also Infinity and NaN; the locale of numbers is always C */
    }
}

static int hexadecimal(char digit)
{
    return digit <= '9' ? digit - '0' : (digit | 32) - 'a' + 10;
}

/* "\x0aff", in place. */
static void read_bytes(char *text, int size, struct db_value *value)
{
    size_t count = size >= 2 ? (size_t)(size - 2) / 2 : 0;

    for (size_t i = 0; i < count; i++)
        text[i] = (char)(hexadecimal(text[2 + 2 * i]) << 4 | hexadecimal(text[3 + 2 * i]));
    value->type = DB_BLOB;
    value->text.bytes = text;
    value->text.size = count;
}

static void read_text(Oid type, char *text, int size, struct db_value *value)
{
    switch (type) {
    case TYPE_BOOL:
        value->type = DB_INTEGER;
        value->integer = text[0] == 't';
        break;
    case TYPE_INT2:
    case TYPE_INT4:
    case TYPE_INT8:
    case TYPE_OID:
    case TYPE_NUMERIC:
        read_number(text, size, value);
        break;
    case TYPE_FLOAT4:
    case TYPE_FLOAT8:
        give_real(value, strtod(text, NULL));
        break;
    case TYPE_BYTEA:
        read_bytes(text, size, value);
        break;
    default:
        value->type = DB_TEXT;
        value->text.bytes = text;
        value->text.size = (size_t)size;
        break;
    }
}

void pg_read_value(const PGresult *result, int row, int column, bool binary, struct db_value *value)
{
    char *text = pq.PQgetvalue(result, row, column);
    int size = pq.PQgetlength(result, row, column);
    Oid type = pq.PQftype(result, column);

    if (pq.PQgetisnull(result, row, column))
        value->type = DB_NULL;
    else if (binary)
        read_binary(type, text, size, value);
    else
        read_text(type, text, size, value);
}
