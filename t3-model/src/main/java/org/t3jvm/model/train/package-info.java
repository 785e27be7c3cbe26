/**
 * Training on traced graphs: a model as one graph, objectives over its output, and what is trained.
 * Formulas are those of SPEC 21.
 */
@NullMarked
package org.t3jvm.model.train;

import org.jspecify.annotations.NullMarked;
