/**
 * What is trained on: folders of videos and images with captions, checked, encoded once and kept on
 * disk, and the order in which a run sees them.
 */
@NullMarked
package org.t3jvm.model.train.data;

import org.jspecify.annotations.NullMarked;
