// Loaded into a process before its script: holds a connection to UNROLL_TEST_SOCKET until the process is gone.
require('node:net').connect(process.env.UNROLL_TEST_SOCKET).unref();
