/**
 * The golden tests: every stage of the model against tensors that the reference implementation
 * computed. The fixtures' {@code fixtures.json} names shapes, files and tolerances; the checks of
 * this package read all of them from there.
 */
@NullMarked
package org.t3jvm.model.golden;

import org.jspecify.annotations.NullMarked;
