/**
 * The tiny model that is used when none is given: what makes it from a seed, and how a program gets
 * at its files. It has the full structure of a Wan2.1 text-to-video model with T3 attention, and
 * untrained weights.
 */
@NullMarked
package org.t3jvm.model.embedded;

import org.jspecify.annotations.NullMarked;
