/** Weights of models before training, from a seed, and their files as upstream lays them out. */
@NullMarked
package org.t3jvm.model.initial;

import org.jspecify.annotations.NullMarked;
