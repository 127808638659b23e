#include "dnsd/webhooks/webhooks.h"

#include <gtest/gtest.h>

#include <condition_variable>

#include "dnsd/webhooks/signature.h"
#include "small_receiver.h"
#include "temporary_folder.h"

namespace dnsd {
namespace {

using namespace std::chrono_literals;
using testing::ReceivedHook;
using testing::response;
using testing::SmallReceiver;

const std::string old_secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", new_secret = "whsec_" + std::string(32, 'A');

class WebhooksTest : public ::testing::Test {
 protected:
  void start(std::vector<WebhookTarget> targets) {
    webhooks.reset();
    WebhookOptions options{folder / "outbox.db", std::move(targets), {}};
    options.deliverer.now = [this] { return clock.load(); };
    options.deliverer.longest_wait = 5ms;  // the clock of the test jumps
    options.deliverer.limits.total = total;
    Result<std::unique_ptr<Webhooks>> started = Webhooks::start(std::move(options));
    ASSERT_TRUE(started) << started.failure().message;
    webhooks = std::move(*started);
  }
  static WebhookTarget target(const std::string& name, const SmallReceiver& receiver) {
    return {name, receiver.url(), {old_secret}};
  }
  void enqueue(const std::vector<std::string>& ids) {
    std::vector<WebhookEvent> events;
    for (const std::string& id : ids) events.push_back({id, "iprange.announced", "{\"type\":\"iprange.announced\"}"});
    const Status status = webhooks->enqueue(events, "cursor-" + ids.back());
    ASSERT_TRUE(status) << status.failure().message;
  }
  void pass(std::chrono::milliseconds time) { clock += time.count(); }

  template <typename Condition>
  static bool soon(Condition condition) {
    for (int i = 0; i < 2000 && !condition(); ++i) std::this_thread::sleep_for(5ms);
    return condition();
  }
  bool soon_counted(uint64_t WebhookCounters::*counter, uint64_t value) const {
    return soon([&] { return webhooks->counters().*counter == value; });
  }

  testing::TemporaryFolder folder;
  std::atomic<Milliseconds> clock = 1'800'000'000'000;
  std::chrono::milliseconds total = 5s;
  std::unique_ptr<Webhooks> webhooks;
};

SmallReceiver::Answer always(const std::string& status, const std::string& headers = "") {
  return [text = response(status, headers)](const ReceivedHook&) { return text; };
}

TEST_F(WebhooksTest, AreSentAsTheSpecificationHasIt) {
  SmallReceiver receiver(always("204 No Content"));
  start({target("a", receiver)});
  EXPECT_EQ(webhooks->cursor(), "");
  enqueue({"msg_1"});
  ASSERT_TRUE(soon_counted(&WebhookCounters::delivered, 1));
  ASSERT_TRUE(soon_counted(&WebhookCounters::waiting, 0));
  ReceivedHook hook = receiver.received().at(0);
  EXPECT_EQ(hook.line, "POST /hook HTTP/1.1");
  EXPECT_EQ(hook.body, "{\"type\":\"iprange.announced\"}");
  EXPECT_EQ(hook.headers["content-type"], "application/json");
  EXPECT_EQ(hook.headers["webhook-id"], "msg_1");
  EXPECT_EQ(hook.headers["webhook-timestamp"], "1800000000");
  const std::string secrets[] = {old_secret};
  EXPECT_EQ(hook.headers["webhook-signature"], *webhook_signature(secrets, "msg_1", 1'800'000'000, hook.body));
  EXPECT_TRUE(hook.headers["user-agent"].starts_with("dnsd/"));
  EXPECT_EQ(webhooks->cursor(), "cursor-msg_1");
}

TEST_F(WebhooksTest, AFailedOneComesAgainWhenItsTimeHasCome) {
  std::atomic<int> calls = 0;
  SmallReceiver receiver([&](const ReceivedHook&) { return response(++calls == 1 ? "500 Oops" : "200 OK"); });
  start({target("a", receiver)});
  enqueue({"one"});
  ASSERT_TRUE(soon_counted(&WebhookCounters::failed_attempts, 1));
  pass(4900ms);
  std::this_thread::sleep_for(50ms);
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(webhooks->counters().waiting, 1u);
  pass(700ms);  // 5 s and a tenth of it
  ASSERT_TRUE(soon_counted(&WebhookCounters::delivered, 1));
  EXPECT_EQ(receiver.ids(), (std::vector<std::string>{"one", "one"}));
  EXPECT_EQ(receiver.received()[1].headers["webhook-timestamp"], "1800000005") << "of the attempt";
}

TEST_F(WebhooksTest, AfterTenAttemptsItIsGivenUp) {
  SmallReceiver receiver(always("503 Service Unavailable"));
  start({target("a", receiver)});
  enqueue({"one"});
  for (uint64_t attempt = 1; attempt <= most_webhook_attempts; ++attempt) {
    ASSERT_TRUE(soon_counted(&WebhookCounters::failed_attempts, attempt));
    ASSERT_TRUE(soon_counted(&WebhookCounters::waiting, attempt < most_webhook_attempts));
    pass(27h);
  }
  EXPECT_TRUE(soon_counted(&WebhookCounters::given_up, 1));
  std::this_thread::sleep_for(50ms);
  EXPECT_EQ(receiver.ids().size(), most_webhook_attempts);
}

TEST_F(WebhooksTest, WhoAsksToBeLeftAloneIs) {
  std::atomic<int> calls = 0;
  SmallReceiver receiver([&](const ReceivedHook&) {
    return ++calls == 1 ? response("429 Too Many Requests", "retry-after: 600\r\n") : response("200 OK");
  });
  start({target("a", receiver)});
  enqueue({"one"});
  ASSERT_TRUE(soon_counted(&WebhookCounters::failed_attempts, 1));
  pass(599s);
  std::this_thread::sleep_for(50ms);
  EXPECT_EQ(calls, 1);
  pass(2s);
  EXPECT_TRUE(soon_counted(&WebhookCounters::delivered, 1));
}

TEST_F(WebhooksTest, GoneDisables) {
  SmallReceiver receiver(always("410 Gone"));
  start({target("a", receiver)});
  enqueue({"one"});
  ASSERT_TRUE(soon_counted(&WebhookCounters::disabled_targets, 1));
  enqueue({"two"});
  EXPECT_EQ(webhooks->counters().waiting, 0u);
  start({target("a", receiver)});
  EXPECT_EQ(webhooks->counters().disabled_targets, 1u);
  WebhookTarget changed = target("a", receiver);
  changed.url += "?changed";
  ASSERT_TRUE(webhooks->use({changed}));
  EXPECT_EQ(webhooks->counters().disabled_targets, 0u);
  enqueue({"three"});
  EXPECT_TRUE(soon_counted(&WebhookCounters::disabled_targets, 1));
  EXPECT_EQ(receiver.ids(), (std::vector<std::string>{"one", "three"}));
}

TEST_F(WebhooksTest, RedirectsAreNotFollowed) {
  SmallReceiver elsewhere(always("200 OK"));
  SmallReceiver receiver(always("307 Temporary Redirect", "location: " + elsewhere.url() + "\r\n"));
  start({target("a", receiver)});
  enqueue({"one"});
  ASSERT_TRUE(soon_counted(&WebhookCounters::failed_attempts, 1));
  EXPECT_TRUE(elsewhere.received().empty());
}

TEST_F(WebhooksTest, NothingButTheConfiguredIsCalled) {
  start({{"a", "http://192.0.2.1/", {old_secret}}, {"b", "file:///etc/passwd", {old_secret}}});
  enqueue({"one"});
  std::this_thread::sleep_for(50ms);
  const WebhookCounters counters = webhooks->counters();
  EXPECT_EQ(counters.failed_attempts + counters.delivered, 0u) << "no call was made";
  EXPECT_EQ(counters.waiting, 2u);
}

TEST_F(WebhooksTest, OfALongBodyOnlyTheStatusCounts) {
  SmallReceiver receiver([](const ReceivedHook&) { return response("200 OK", "", std::string(4 << 20, 'x')); });
  start({target("a", receiver)});
  enqueue({"one"});
  EXPECT_TRUE(soon_counted(&WebhookCounters::delivered, 1));
  EXPECT_EQ(webhooks->counters().failed_attempts, 0u);
}

// Holds whoever comes until it is opened.
class Gate {
 public:
  ~Gate() { open(); }
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return open_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
};

TEST_F(WebhooksTest, ASlowSubscriberDelaysNobody) {
  Gate gate;
  SmallReceiver slow([&](const ReceivedHook&) { return gate.wait(), response("200 OK"); });
  SmallReceiver fast(always("200 OK"));
  start({target("slow", slow), target("fast", fast)});
  std::vector<std::string> ids;
  for (int i = 0; i < 20; ++i) ids.push_back("msg_" + std::to_string(i));
  enqueue(ids);
  ASSERT_TRUE(soon([&] { return fast.ids().size() == ids.size(); }));
  EXPECT_TRUE(soon_counted(&WebhookCounters::delivered, ids.size()));
  EXPECT_EQ(slow.ids().size(), 4u) << "calls to one target at once";
  EXPECT_LE(fast.most_at_once(), 4u);
  gate.open();
  EXPECT_TRUE(soon_counted(&WebhookCounters::delivered, 2 * ids.size()));
  EXPECT_EQ(slow.most_at_once(), 4u);
}

TEST_F(WebhooksTest, WhoDoesNotAnswerInTimeIsTriedAgain) {
  total = 200ms;
  Gate gate;
  SmallReceiver slow([&](const ReceivedHook&) { return gate.wait(), response("200 OK"); });
  start({target("a", slow)});
  enqueue({"one"});
  EXPECT_TRUE(soon_counted(&WebhookCounters::failed_attempts, 1));
  EXPECT_EQ(webhooks->counters().waiting, 1u);
  gate.open();
  pass(6s);
  EXPECT_TRUE(soon_counted(&WebhookCounters::delivered, 1));
}

TEST_F(WebhooksTest, TheEndWaitsForNobodyAndLosesNothing) {
  Gate gate;
  SmallReceiver slow([&](const ReceivedHook&) { return gate.wait(), response("200 OK"); });
  start({target("a", slow)});
  enqueue({"one"});
  ASSERT_TRUE(soon([&] { return slow.ids().size() == 1; }));
  const auto began = std::chrono::steady_clock::now();
  webhooks.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - began, 2s);
  gate.open();
  start({target("a", slow)});
  EXPECT_EQ(webhooks->cursor(), "cursor-one");
  EXPECT_TRUE(soon_counted(&WebhookCounters::delivered, 1));
  EXPECT_EQ(slow.ids(), (std::vector<std::string>{"one", "one"}));
}

TEST_F(WebhooksTest, WhileSecretsChangeBothSign) {
  SmallReceiver receiver(always("200 OK"));
  start({target("a", receiver)});
  WebhookTarget changing = target("a", receiver);
  changing.secrets = {new_secret, old_secret};
  ASSERT_TRUE(webhooks->use({changing}));
  enqueue({"one"});
  ASSERT_TRUE(soon_counted(&WebhookCounters::delivered, 1));
  ReceivedHook hook = receiver.received().at(0);
  EXPECT_EQ(hook.headers["webhook-signature"], *webhook_signature(changing.secrets, "one", 1'800'000'000, hook.body));
}

TEST_F(WebhooksTest, ATargetThatIsTakenOutGetsNothingMore) {
  SmallReceiver receiver(always("500 Oops")), other(always("200 OK"));
  start({target("a", receiver)});
  enqueue({"one"});
  ASSERT_TRUE(soon_counted(&WebhookCounters::failed_attempts, 1));
  ASSERT_TRUE(soon_counted(&WebhookCounters::waiting, 1));
  ASSERT_TRUE(webhooks->use({target("b", other)}));
  EXPECT_EQ(webhooks->counters().waiting, 0u);
  pass(1h);
  enqueue({"two"});
  ASSERT_TRUE(soon_counted(&WebhookCounters::delivered, 1));
  EXPECT_EQ(other.ids(), std::vector<std::string>{"two"});
  EXPECT_EQ(receiver.ids(), std::vector<std::string>{"one"});
}

}  // namespace
}  // namespace dnsd
