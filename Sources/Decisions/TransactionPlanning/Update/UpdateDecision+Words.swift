import ImageModel
package import JSONText

extension UpdateDecision {
    /// What is done, and why, for people.
    package var sentence: String {
        switch self {
        case .upgrade: "The channel is asked."
        case .reboot(let image): "The machine is restarted to start image \(image)."
        case .wait(let time, let waiting):
            "Nothing before \(UTCTime(seconds: time)?.description ?? "@\(time)"): \(waiting.explanation)."
        case .nothing(let obstacle): "Nothing is done by itself: \(obstacle.explanation)."
        }
    }

    /// The same for programs: what, until when, and why.
    package var json: JSONValue {
        switch self {
        case .upgrade: ["action": "upgrade", "until": .null, "reason": .null, "image": .null]
        case .reboot(let image):
            ["action": "reboot", "until": .null, "reason": .null, "image": .string(image.description)]
        case .wait(let time, let waiting):
            ["action": "wait", "until": .integer(time), "reason": .string(waiting.rawValue), "image": .null]
        case .nothing(let obstacle):
            ["action": "nothing", "until": .null, "reason": .string(obstacle.rawValue), "image": .null]
        }
    }
}

extension UpdateDecision.Waiting {
    /// What is waited for, as the end of a sentence.
    var explanation: String {
        switch self {
        case .interval: "then the channel is asked again"
        case .window: "then this machine has its turn in the window"
        case .retry: "then it is tried again after a failure"
        case .restart: "then the machine restarts within the window"
        }
    }
}

extension UpdateDecision.Obstacle {
    /// Why, as the end of a sentence.
    var explanation: String {
        switch self {
        case .notOurs: "lifeboot has not started this machine"
        case .live: "this is a live system"
        case .recovery: "recovery runs, which is for people"
        case .chosen: "what runs was chosen by hand in GRUB's menu"
        case .pinned: "what boots next was chosen with `lifeboot switch`"
        case .pending: "recovery has something to finish first"
        case .unhealthy: "this boot has not been declared healthy"
        case .unsavable: "GRUB could not write boot.env at this boot, so that a broken image would be started for ever"
        case .restarted: "the machine was restarted for the new image before, and it does not run"
        case .channel: "no channel is configured"
        }
    }
}
