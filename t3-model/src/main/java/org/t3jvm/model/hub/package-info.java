/**
 * Downloads of model repositories from servers that speak Hugging Face's protocol: listing,
 * parallel ranges, resuming, verification.
 */
@NullMarked
package org.t3jvm.model.hub;

import org.jspecify.annotations.NullMarked;
