/**
 * Videos from Java: {@link org.t3jvm.T3} opens a model and makes the videos of {@link
 * org.t3jvm.job.VideoJob}s. Other packages of this module are not for use from outside, but for
 * {@link org.t3jvm.job}, what is asked for, and {@link org.t3jvm.event}, what happens.
 */
@NullMarked
package org.t3jvm;

import org.jspecify.annotations.NullMarked;
