/** Decoding band of rows by band of rows, with the values of whole planes. */
@NullMarked
package org.t3jvm.model.vae.band;

import org.jspecify.annotations.NullMarked;
