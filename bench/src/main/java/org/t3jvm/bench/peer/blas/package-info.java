/** OpenBLAS: products of matrices alone. */
@NullMarked
package org.t3jvm.bench.peer.blas;

import org.jspecify.annotations.NullMarked;
