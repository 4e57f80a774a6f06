import './zod-without-eval.ts';
import './styles/fonts.css';
import './styles/tokens.css';
import './styles/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { CrashNet } from './app/ErrorScreen.tsx';
import { startI18n } from './i18n/i18n.ts';
import { startPlatform } from './platform/platform.ts';
import { tellPreferences } from './platform/tell-preferences.ts';
import { startServiceWorker } from './service-worker/register.ts';
import { currentLanguage, followPreferences } from './stores/preferences.ts';

const root = document.getElementById('root');
if (!root) throw new Error('index.html lacks #root');

await Promise.all([startI18n(currentLanguage()), startPlatform()]);
followPreferences();
tellPreferences();
createRoot(root).render(
  <StrictMode>
    <CrashNet>
      <App />
    </CrashNet>
  </StrictMode>,
);
startServiceWorker();
