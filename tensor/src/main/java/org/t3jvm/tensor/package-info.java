/**
 * Data types, shapes and tensors over off-heap or memory-mapped storage: the ground floor of the
 * engine.
 */
@NullMarked
package org.t3jvm.tensor;

import org.jspecify.annotations.NullMarked;
