/**
 * Training on traced graphs: a model as one graph, objectives over its output, and what is trained.
 * Formulas are FREESWIM_VIBE's parts 2 and 4.
 */
@NullMarked
package org.t3jvm.model.train;

import org.jspecify.annotations.NullMarked;
