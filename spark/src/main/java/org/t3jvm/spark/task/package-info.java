/** What runs on executors: a prompt becomes a video. */
@NullMarked
package org.t3jvm.spark.task;

import org.jspecify.annotations.NullMarked;
