/**
 * What a video is made from: a {@link org.t3jvm.job.VideoJob} holds every choice that decides a
 * pixel, a {@link org.t3jvm.job.ModelSource} where the weights lie. Values alone, read and written
 * as JSON.
 */
@NullMarked
package org.t3jvm.job;

import org.jspecify.annotations.NullMarked;
