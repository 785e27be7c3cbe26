/**
 * The causal video autoencoder (SPEC 6 and 7): layers, temporal state between chunks, streaming
 * encode and decode.
 */
@NullMarked
package org.t3jvm.model.vae;

import org.jspecify.annotations.NullMarked;
