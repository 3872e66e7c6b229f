#include "pentad/runtime/blocking.hpp"

#include "pentad/runtime/worker_pool.hpp"

namespace pentad {

void blocking_operation_base::launch() {
  job_.owner = this;
  if (env->loop->engine().simulated()) {
    call();
    end();
    return;
  }
  job_.run = [](ready_node& node) {
    blocking_operation_base& owner = *static_cast<job_node&>(node).owner;
    owner.call();
    node.run = [](ready_node& done) { static_cast<job_node&>(done).owner->resume(); };
    owner.env->loop->post(node);
  };
  env->loop->workers().submit(job_);
}

}  // namespace pentad
