#include "base/list.h"

#include "base/buffer.h"

void *dk_list_grow(void *array, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return array;
    *capacity = *capacity == 0 ? 16 : *capacity * 2;
    return dk_realloc(array, *capacity * size);
}
