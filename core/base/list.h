/* The one way for arrays to grow. */
#ifndef DIFKIT_BASE_LIST_H
#define DIFKIT_BASE_LIST_H

#include <stddef.h>

/* Makes room for one more element of `size` bytes in an array that holds `count`: gives the array, perhaps elsewhere. Its
 * capacity doubles, so that adding one by one costs no more than the elements. */
void *dk_list_grow(void *array, size_t count, size_t *capacity, size_t size);

#endif
