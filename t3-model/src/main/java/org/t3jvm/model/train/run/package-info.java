/** A training from its job to its files: data, stages, steps, state and log. */
@NullMarked
package org.t3jvm.model.train.run;

import org.jspecify.annotations.NullMarked;
