/**
 * From noise to latents: the schedulers that choose the noise levels at which the transformer runs,
 * and how its answers move the latents (SPEC 9).
 */
@NullMarked
package org.t3jvm.model.sampling;

import org.jspecify.annotations.NullMarked;
