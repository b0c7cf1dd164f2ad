import Faults
import HTTPTransfer
import LinuxSystem
import RegistryModel

/// A question to a registry whose answer is short.
struct Question {
    var method: HTTPRequest.Method = .get
    /// Path below the repository: `manifests/latest`.
    var path: String
    var headers: [(name: String, value: String)] = []
    var body: HTTPRequest.Body = .empty
    var longestAnswer = RegistryClient.longestAnswer
    var access: Access = .pull
    /// For messages: `reading the manifest`.
    let operation: String
    /// For messages: what it is about.
    let subject: String

    init(_ path: String, _ operation: String, _ subject: String) {
        self.path = path
        self.operation = operation
        self.subject = subject
    }

    /// A request that brought no answer, as the caller sees it.
    func failure(_ error: HTTPError) -> RegistryError { RegistryError(error, operation, subject) }

    /// A refusal, as the caller sees it.
    func refusal(_ document: HTTPDocument) -> RegistryError { .status(document, operation, subject) }
}

extension RegistryClient {
    /// Asks each place until one gives an answer that `judge` takes.
    ///
    /// - Throws: what the last place is told by `judge`, `RegistryError`, or what `checkpoint` throws.
    mutating func ask<Answer>(_ question: Question, _ judge: (HTTPDocument) throws -> Answer) throws -> Answer {
        let places = places
        for place in places.dropLast() {
            do {
                return try judge(try ask(question, at: place))
            } catch let error as RegistryError {
                try giveUp(place, error)
            }
        }
        return try judge(try ask(question, at: places.last ?? 0))
    }

    /// Turns to the next place, or throws when that would not help.
    mutating func giveUp(_ place: Int, _ error: RegistryError) throws(RegistryError) {
        guard error.isReasonToAskElsewhere else { throw error }
        if error.kind != .notFound { silent.insert(place) }
    }

    /// Asks one place, with credentials when it wants any, again when it may help.
    mutating func ask(_ question: Question, at place: Int) throws -> HTTPDocument {
        var request: HTTPRequest
        do throws(HTTPError) {
            request = HTTPRequest(question.method, try endpoints[place].address(question.path))
        } catch {
            throw question.failure(error)
        }
        request.headers = question.headers
        request.body = question.body
        request.longestBody = question.longestAnswer
        request.totalTime = Self.documentTime
        return try send(request, question, at: place)
    }

    /// Sends a request, and once more with credentials when the answer asks for them.
    private mutating func send(_ request: HTTPRequest, _ question: Question, at place: Int) throws -> HTTPDocument {
        var request = request
        request.authorization = authorization(at: place, question.access)
        let document = try settle(request, question, at: place)
        guard document.head.status == 401 else { return document }
        try authenticate(document, question, at: place)
        request.authorization = authorization(at: place, question.access)
        return try settle(request, question, at: place)
    }

    /// Sends a request until it is answered with something other than "later", or there were enough attempts.
    mutating func settle(_ request: HTTPRequest, _ question: Question, at place: Int) throws -> HTTPDocument {
        var patience = patience(at: place)
        while true {
            do {
                let document = try pool.document(request, checkpoint: checkpoint)
                guard document.head.asksForPatience, let pause = patience.pause(after: document.head) else {
                    return document
                }
                try pool.wait(until: .after(pause), checkpoint: checkpoint)
            } catch let error as HTTPError {
                guard error.isTransient,
                    let pause = patience.pause(after: nil, isStandstill: error.isStandstill)
                else { throw question.failure(error) }
                try pool.wait(until: .after(pause), checkpoint: checkpoint)
            }
        }
    }

    /// A mirror has two attempts, the registry itself all.
    func patience(at place: Int) -> Patience {
        Patience(retries, attempts: endpoints[place].isOrigin ? retries.attempts : min(2, retries.attempts))
    }
}
