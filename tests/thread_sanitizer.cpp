// What ThreadSanitizer cannot know of io_uring: liburing maps and unmaps its rings by system calls
// of its own, so a ring that a thread makes where another thread's was looks like shared memory.
#if defined(__SANITIZE_THREAD__)

extern "C" const char* __tsan_default_suppressions() {
  return "race:io_uring_\n"
         "race:pentad::uring_engine\n";
}

#endif
