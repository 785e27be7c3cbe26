/**
 * A small synthetic world of captioned clips: one or two coloured shapes that move over a ground. A
 * clip follows from a seed and its number alone, at any size and length, on every machine.
 */
@NullMarked
package org.t3jvm.model.world;

import org.jspecify.annotations.NullMarked;
