/**
 * The traced graph: values, the sealed set of ops, attention patterns and the {@link
 * org.t3jvm.tensor.graph.Tracer} that checks shapes and dtypes while model code writes the graph
 * down. Nothing here depends on a backend.
 */
@NullMarked
package org.t3jvm.tensor.graph;

import org.jspecify.annotations.NullMarked;
