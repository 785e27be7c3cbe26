/**
 * The safetensors format of SPEC 14: an 8-byte header length, a JSON header, raw little-endian
 * data; and sets of such files under an index. Read where it lies, written in one pass.
 */
@NullMarked
package org.t3jvm.loaders.safetensors;

import org.jspecify.annotations.NullMarked;
