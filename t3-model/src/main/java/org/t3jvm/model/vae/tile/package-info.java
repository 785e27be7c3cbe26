/** Decoding and encoding in upstream's blended tiles (SPEC 8). */
@NullMarked
package org.t3jvm.model.vae.tile;

import org.jspecify.annotations.NullMarked;
