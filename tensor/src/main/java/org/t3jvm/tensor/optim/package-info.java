/**
 * What turns gradients into new weights, in place: optimisers, clipping, learning rates, averages.
 * Tensors are F32; results do not depend on the number of threads.
 */
@NullMarked
package org.t3jvm.tensor.optim;

import org.jspecify.annotations.NullMarked;
