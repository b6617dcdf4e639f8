-- The manifests that files were compared with when they were given again after they had been loaded; the
-- latest last.
SELECT SHA256, Manifest, Manifest_SHA256, Manifest_Case, Manifest_Examiner, Manifest_Signer FROM Receipts
WHERE Verdict <> 'ingested' AND Manifest IS NOT NULL
ORDER BY Receipt_ID;
