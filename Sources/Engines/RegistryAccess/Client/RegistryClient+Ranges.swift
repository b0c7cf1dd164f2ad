import HTTPTransfer
import ImageModel
import LinuxSystem
package import RegistryModel

extension RegistryClient {
    /// Streams ranges of a blob, each by a request of its own, several at once.
    ///
    /// Only a 206 with the range that was asked for counts. The body of a 200 is not read.
    ///
    /// - Throws: `RegistryError`, and what `sink` and `checkpoint` throw.
    package mutating func read(
        _ blob: Descriptor, ranges: [Range<Int>], into sink: (Int, Span<UInt8>) throws -> Void
    ) throws -> RangeAnswer {
        var work = RangeWork(blob, ranges)
        let places = places
        for place in places {
            do {
                let answer = try read(&work, at: place, sink)
                if answer == .complete || place == places.last { return answer }
            } catch let error as RegistryError {
                if work.isRefused || place == places.last { throw error }
                try giveUp(place, error)
            }
            work.interrupt()
        }
        return .unsupported
    }

    private mutating func read(
        _ work: inout RangeWork, at place: Int, _ sink: (Int, Span<UInt8>) throws -> Void
    ) throws -> RangeAnswer {
        defer { pool.cancelAll() }
        work.begin(blobQuestion(work.blob), patience(at: place))
        while !work.isComplete {
            try checkpoint()
            try startRanges(&work, at: place)
            if pool.running == 0 {
                try pool.wait(until: work.resumption, checkpoint: checkpoint)
                continue
            }
            switch try take(try pool.next(), &work, sink) {
            case .good: break
            case .cancel(let id): pool.cancel(id)
            case .unsupported: return .unsupported
            case .unauthorized(let document):
                pool.cancelAll()
                work.interrupt()
                try authenticate(document, work.question, at: place)
            }
        }
        return .complete
    }

    /// Sends requests until as many are under way as may be.
    private mutating func startRanges(_ work: inout RangeWork, at place: Int) throws {
        while pool.running < pool.settings.connections, let range = work.nextRange {
            do throws(HTTPError) {
                var request = HTTPRequest(.get, try endpoints[place].address(work.question.path))
                request.authorization = authorization(at: place, .pull)
                request.range = range
                request.longestBody = range.count
                work.started(try pool.start(request))
            } catch {
                throw work.question.failure(error)
            }
        }
    }

    private func take(
        _ event: HTTPEvent, _ work: inout RangeWork, _ sink: (Int, Span<UInt8>) throws -> Void
    ) throws -> RangeWork.Verdict {
        switch event {
        case .idle: return .good
        case .head(let id, let head): return try work.take(head, of: id)
        case .bytes(let id, let bytes): try work.take(bytes, of: id, sink)
        case .ended(let id): try work.end(of: id)
        case .failed(let id, let error): try work.end(of: id, after: error)
        }
        return .good
    }
}
