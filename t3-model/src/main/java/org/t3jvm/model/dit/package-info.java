/**
 * The diffusion transformer of Wan and T3-Video (SPEC 4 and 5): configuration from tensor shapes,
 * T3 window tables, text and time conditioning, blocks.
 */
@NullMarked
package org.t3jvm.model.dit;

import org.jspecify.annotations.NullMarked;
