/** Graphs made from graphs: every rewrite is a {@link Pass} over the values of a graph in order. */
@NullMarked
package org.t3jvm.tensor.graph.rewrite;

import org.jspecify.annotations.NullMarked;
