/** What runs on the driver: prompts become tasks, and results a manifest. */
@NullMarked
package org.t3jvm.spark.job;

import org.jspecify.annotations.NullMarked;
