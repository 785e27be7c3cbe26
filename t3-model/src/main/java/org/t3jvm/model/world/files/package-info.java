/** Clips of the small world as a folder of data to train on. */
@NullMarked
package org.t3jvm.model.world.files;

import org.jspecify.annotations.NullMarked;
