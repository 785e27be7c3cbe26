/**
 * The CPU backend: ops lowered to Vector API kernels over planned buffers, run by a fixed pool of
 * worker threads. Results do not depend on the number of threads.
 */
@NullMarked
package org.t3jvm.tensor.cpu;

import org.jspecify.annotations.NullMarked;
