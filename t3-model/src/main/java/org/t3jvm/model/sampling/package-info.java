/**
 * From noise to latents: the schedulers that say at which noise levels the transformer is asked,
 * and how its answers move the latents (SPEC 9).
 */
@NullMarked
package org.t3jvm.model.sampling;

import org.jspecify.annotations.NullMarked;
