#include "dnsd/webhooks/outbox.h"

#include <gtest/gtest.h>

#include "temporary_folder.h"

namespace dnsd {
namespace {

constexpr Milliseconds now = 1'800'000'000'000;

class OutboxTest : public ::testing::Test {
 protected:
  OutboxTest() { reopen(); }

  void reopen() {
    outbox.reset();
    Result<std::unique_ptr<Outbox>> opened = Outbox::open(path);
    ASSERT_TRUE(opened) << opened.failure().message;
    outbox = std::move(*opened);
  }
  static WebhookTarget target(const std::string& name, const std::string& url = "https://a.example/") {
    return {name, url, {"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}};
  }
  uint64_t use(const std::vector<WebhookTarget>& targets) {
    const Result<uint64_t> dropped = outbox->use(targets);
    EXPECT_TRUE(dropped) << dropped.failure().message;
    return dropped ? *dropped : 0;
  }
  void enqueue(const std::vector<std::string>& ids, const std::string& cursor, Milliseconds at = now) {
    std::vector<WebhookEvent> events;
    for (const std::string& id : ids) events.push_back({id, "iprange.announced", "{\"id\":\"" + id + "\"}"});
    const Status status = outbox->enqueue(events, cursor, at);
    EXPECT_TRUE(status) << status.failure().message;
  }
  std::vector<Delivery> due(const std::string& name, Milliseconds at = now) const {
    return *outbox->due(name, at, 100);
  }
  std::string ids(const std::string& name, Milliseconds at = now) const {
    std::string text;
    for (const Delivery& delivery : due(name, at)) text += (text.empty() ? "" : " ") + delivery.event.id;
    return text;
  }
  void record(DeliveryOutcome outcome) {
    const Status status = outbox->record(std::span(&outcome, 1));
    EXPECT_TRUE(status) << status.failure().message;
  }

  using Kind = DeliveryOutcome::Kind;
  testing::TemporaryFolder folder;
  const std::string path = folder / "outbox.db";
  std::unique_ptr<Outbox> outbox;
};

TEST_F(OutboxTest, EachEventWaitsForEachTargetInItsOrder) {
  use({target("a"), target("b")});
  enqueue({"one", "two"}, "7");
  EXPECT_EQ(ids("a"), "one two");
  EXPECT_EQ(ids("b"), "one two");
  EXPECT_EQ(outbox->waiting(), 4u);
  EXPECT_EQ(due("a")[0].event.body, "{\"id\":\"one\"}");
  EXPECT_EQ(due("a")[0].event.type, "iprange.announced");
  EXPECT_EQ(outbox->due("a", now, 1)->size(), 1u);
}

TEST_F(OutboxTest, SurvivesARestart) {
  use({target("a")});
  enqueue({"one"}, "7");
  reopen();
  EXPECT_EQ(outbox->cursor(), "7");
  EXPECT_EQ(ids("a"), "one");
  EXPECT_EQ(outbox->waiting(), 1u);
}

TEST_F(OutboxTest, AnEventGoesInOnceEvenAfterItWasDelivered) {
  use({target("a")});
  enqueue({"one"}, "1");
  enqueue({"one", "two"}, "2");
  EXPECT_EQ(ids("a"), "one two");
  record({due("a")[0].number, Kind::delivered, now});
  enqueue({"one"}, "3");
  EXPECT_EQ(ids("a"), "two");
  EXPECT_EQ(outbox->waiting(), 1u);
}

TEST_F(OutboxTest, WhatCannotGoInLeavesEverythingAsItWas) {
  use({target("a")});
  enqueue({"one"}, "1");
  const std::vector<WebhookEvent> events = {{"two", "t", "{}"}, {"bad\r\nid", "t", "{}"}};
  const Status status = outbox->enqueue(events, "2", now);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.failure().message, "'bad\\x0d\\x0aid' cannot be the id of a webhook: letters, digits, - and _");
  EXPECT_EQ(outbox->cursor(), "1");
  EXPECT_EQ(ids("a"), "one");
}

TEST_F(OutboxTest, TheCursorMovesWithoutEventsAndWithoutTargets) {
  enqueue({}, "1");
  enqueue({"one"}, "2");
  EXPECT_EQ(outbox->cursor(), "2");
  use({target("a")});
  EXPECT_EQ(ids("a"), "") << "who comes later hears of what comes later";
}

TEST_F(OutboxTest, ARetryIsDueWhenItIsDue) {
  use({target("a")});
  enqueue({"one"}, "1");
  record({due("a")[0].number, Kind::retry, now, now + 5000});
  EXPECT_EQ(ids("a", now + 4999), "");
  EXPECT_EQ(*outbox->next_due(now), now + 5000);
  reopen();
  EXPECT_EQ(ids("a", now + 5000), "one");
  EXPECT_EQ(due("a", now + 5000)[0].attempts, 1u);
}

// A clock that was a year ahead when the attempt failed.
TEST_F(OutboxTest, AClockThatIsPutBackDelaysNothing) {
  use({target("a")});
  enqueue({"one"}, "1");
  record({due("a")[0].number, Kind::retry, now, now + 5000});
  EXPECT_EQ(ids("a", now - 365 * 86'400'000LL), "one");
}

TEST_F(OutboxTest, GivenUpIsOver) {
  use({target("a")});
  enqueue({"one"}, "1");
  record({due("a")[0].number, Kind::given_up, now});
  EXPECT_EQ(ids("a", now + 86'400'000), "");
  EXPECT_EQ(outbox->waiting(), 0u);
}

TEST_F(OutboxTest, ATargetThatIsGoneGetsNothingUntilItIsNamedAnew) {
  use({target("a"), target("b")});
  enqueue({"one", "two"}, "1");
  record({due("a")[0].number, Kind::gone, now, 0, target("a")});
  EXPECT_EQ(outbox->disabled(), 1u);
  EXPECT_EQ(ids("a"), "");
  EXPECT_EQ(ids("b"), "one two");
  reopen();
  use({target("a"), target("b")});
  enqueue({"three"}, "2");
  EXPECT_EQ(ids("a"), "") << "a restart is no new name";
  EXPECT_EQ(outbox->disabled(), 1u);
  use({target("b")});
  use({target("a"), target("b")});
  EXPECT_EQ(outbox->disabled(), 0u);
  enqueue({"four"}, "3");
  EXPECT_EQ(ids("a"), "four");
}

TEST_F(OutboxTest, ANewUrlOrSecretEnablesIt) {
  use({target("a")});
  for (const WebhookTarget& changed : {target("a", "https://b.example/"),
                                       WebhookTarget{"a", "https://b.example/", {"whsec_" + std::string(32, 'A')}}}) {
    enqueue({"to-" + std::to_string(changed.secrets[0].back())}, "1");
    record({0, Kind::gone, now, 0, target("a")});
    record({0, Kind::gone, now, 0, target("a", "https://b.example/")});
    EXPECT_EQ(outbox->disabled(), 1u);
    use({changed});
    EXPECT_EQ(outbox->disabled(), 0u);
  }
}

// The answer of the old one comes after the new one was configured.
TEST_F(OutboxTest, OnlyTheTargetThatWasCalledIsGone) {
  use({target("a")});
  enqueue({"one"}, "1");
  const int64_t number = due("a")[0].number;
  use({target("a", "https://b.example/")});
  record({number, Kind::gone, now, 0, target("a")});
  EXPECT_EQ(outbox->disabled(), 0u);
  EXPECT_EQ(ids("a"), "one") << "it is sent to the new one";
}

TEST_F(OutboxTest, WhatWaitsForOthersIsDropped) {
  use({target("a"), target("b")});
  enqueue({"one", "two"}, "1");
  EXPECT_EQ(use({target("b")}), 2u);
  EXPECT_EQ(ids("a"), "");
  EXPECT_EQ(ids("b"), "one two");
  record({1, Kind::delivered, now});  // its outcome comes late
  EXPECT_EQ(outbox->waiting(), 2u);
}

TEST_F(OutboxTest, OldOnesAreForgotten) {
  use({target("a")});
  enqueue({"one"}, "1");
  record({due("a")[0].number, Kind::delivered, now});
  enqueue({"two"}, "2", now + 61 * 86'400'000LL);
  enqueue({"one"}, "3", now + 61 * 86'400'000LL);
  EXPECT_EQ(ids("a", now + 61 * 86'400'000LL), "two one");
}

TEST_F(OutboxTest, ADamagedOneSaysTheWayOut) {
  outbox.reset();
  const std::string way_out =
      "; move it away and restart dnsd: webhooks of the whole history are then sent again, with the same ids";
  folder.write("outbox.db", std::string(5000, 'x'));
  EXPECT_EQ(Outbox::open(path).failure().message, path + ": damaged (file is not a database)" + way_out);
  ASSERT_TRUE((*Database::open(folder / "other.db", Database::Access::write, ""))->run("CREATE TABLE t (n INTEGER)"));
  EXPECT_EQ(Outbox::open(folder / "other.db").failure().message,
            (folder / "other.db") + ": a database, but no outbox of webhooks" + way_out);
}

}  // namespace
}  // namespace dnsd
