/**
 * What a job will take, told before anything is loaded: tokens, operations, memory, and the time
 * that this machine's measured rates make of them.
 */
@NullMarked
package org.t3jvm.model.plan;

import org.jspecify.annotations.NullMarked;
