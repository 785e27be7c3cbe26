package org.t3jvm.bench.peer.blas;

import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.graph.Value;

/** {@code a [..., K] b [K, N] + bias [N]}, b as [N, K] if transposed. */
record Product(Value a, Value b, boolean transposeB, @Nullable Value bias) {}
