/**
 * A model as a service: {@link org.t3jvm.server.T3Server} opens it, keeps its jobs and answers
 * HTTP.
 */
@NullMarked
package org.t3jvm.server;

import org.jspecify.annotations.NullMarked;
