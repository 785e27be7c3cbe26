/**
 * Named tensors from checkpoint files: the vocabulary that formats, conversions and readers share.
 * {@code open.Checkpoints} opens a file of any format. Nothing here knows what a model does with
 * the tensors. Format facts are those of SPEC 14.
 *
 * <p>Packages depend downwards: {@code open} on the formats ({@code safetensors}, {@code pth},
 * {@code gguf}) and on {@code scaled}; those on {@code io}; {@code io} on this package; this
 * package on {@code text}.
 */
@NullMarked
package org.t3jvm.loaders;

import org.jspecify.annotations.NullMarked;
