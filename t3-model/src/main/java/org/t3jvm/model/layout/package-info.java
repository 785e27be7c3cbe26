/**
 * How the files of a model are laid out: how a DiT, a text encoder and a VAE are recognised, how
 * their tensors are named by each publisher, and where their files lie in a folder. Past this
 * package every tensor has the name that the original releases give it (SPEC 3, 4, 6, 7).
 */
@NullMarked
package org.t3jvm.model.layout;

import org.jspecify.annotations.NullMarked;
