/**
 * LoRA files: which weights of the DiT their tensors change, under every naming in use, and the
 * changed weights themselves, made once in memory beside stored ones that stay as they are (SPEC
 * 18).
 */
@NullMarked
package org.t3jvm.model.lora;

import org.jspecify.annotations.NullMarked;
